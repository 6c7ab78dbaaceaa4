"""绩效自评: targets and results as facts, scores as figures."""
