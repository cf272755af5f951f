"""Tables of He et al. 2016 at class scale, beside the published numbers."""

from resnet.ui.lab.experiments import page

page.page("2016")
