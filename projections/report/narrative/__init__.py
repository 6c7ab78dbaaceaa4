"""The narrative of a report (第三部分): figures beside the tables, and the sentences with them."""
