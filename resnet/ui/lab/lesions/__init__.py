"""The Lesions page: what is chosen, and what is measured."""
