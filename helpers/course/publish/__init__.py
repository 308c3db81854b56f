"""What is made of executed notebooks: pages, tables, slides, archives."""
