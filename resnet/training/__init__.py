"""From a net, data and a recipe to one record per step, and what such a run costs."""
