"""Figures and tables of He et al. 2015 at class scale, beside the published numbers."""

from resnet.ui.lab.experiments import page

page.page("2015")
