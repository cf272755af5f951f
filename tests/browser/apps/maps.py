"""A grid of maps with Chinese words, and the button that saves it."""

import numpy as np
import streamlit as st

from resnet.charts.grid import Cell, Column, Picture, grid
from resnet.ui.parts.picture_file import save_button

SLOPE = np.linspace(-1, 1, 64).reshape(8, 8)
PICTURE = Picture(np.full((3, 8, 8), 90, dtype=np.uint8), "0 · 方形", None)
COLUMN = Column("空白对照：res-56", "#1f77b4", "未训练，供比较", [Cell(SLOPE, ("条纹 31 %（错）", "物体内 45%"))])

st.html(grid([PICTURE], [COLUMN], [[1.0]], corner="测试图像"))
save_button("存为 PNG", "save", ".maps", "maps", "一张图片。")
