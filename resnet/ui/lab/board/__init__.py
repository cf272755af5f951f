"""The Who did it? page: the cells of the board, and their first steps of training."""
