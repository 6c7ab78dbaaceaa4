"""部门决算 as one document, before anybody draws it."""
