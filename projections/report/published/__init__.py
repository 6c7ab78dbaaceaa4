"""What was made public: which publication, from which heads, and what changed since."""
