"""What later work says of plain and residual nets, measured at class scale."""

from resnet.ui.lab.experiments import page

page.page("later")
