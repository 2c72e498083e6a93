"""From a carrier's or a customer's file to the tables of a project, each value with its cell."""
