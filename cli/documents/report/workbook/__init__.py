"""The sheets of a 部门决算 as a workbook, each drawn by a file of its own."""
