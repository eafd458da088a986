# What all figures share: size, fonts, colours. NAME.gp sets the variables of one figure and loads
# its script, which loads this file first. In the folder of NAME.gp
#   gnuplot NAME.gp                       draws NAME.svg
#   gnuplot -e "format = 'png'" NAME.gp   draws NAME.png, with twice as many pixels each way
if (!exists('format')) format = 'svg'
if (!exists('out')) out = name
width = 960.0
height = 600.0
set encoding utf8
if (format eq 'png') {
  set terminal pngcairo size 2 * width, 2 * height font 'sans,14' fontscale 1.5 linewidth 2 \
      pointscale 2 background '#ffffff'
} else {
  set terminal svg size width, height dynamic rounded font 'sans-serif,14' background '#ffffff' \
      name name
}
set output out . '.' . format
set datafile separator comma

ink = '#222222'
faint = '#e4e4e4'
dash = '#666666'   # lines that values are compared with
palette_of = '#d55e00 #0072b2 #009e73 #cc79a7 #e69f00 #56b4e9 #444444 #999900'
markers_of = '5 7 9 11 13 4 6 8'
series_colour(i) = word(palette_of, (i - 1) % 8 + 1)
series_marker(i) = int(word(markers_of, (i - 1) % 8 + 1))
model_series(m) = m eq 'rnn' ? 1 : m eq 'rlstm' ? 2 : 3
colour(m) = series_colour(model_series(m))
marker(m) = series_marker(model_series(m))
# Steps of an axis of powers of ten that spans so much.
decades(low, high) = high / low > 2e4 ? 100 : 10
clear(c) = '#90' . c[2:7]   # the same colour, mostly transparent

# Points of the SVG, from the left and the upper edge of the canvas.
px(x) = x / width
py(y) = 1 - y / height
frame(l, r, t, b) = sprintf('set lmargin at screen %.6f; set rmargin at screen %.6f; ' . \
    'set tmargin at screen %.6f; set bmargin at screen %.6f', px(l), px(r), py(t), py(b))

# The largest font, up to `size`, in which a text of so many letters fits into `room`.
fit(letters, room, size) = letters * 0.59 * size > room ? room / (0.59 * letters) : size
font(size) = sprintf(',%.1f', size)
# Moves runs of one place apart, by multiples of the golden ratio; from -0.5 to 0.5.
aside(seed) = seed * 0.6180339887 - floor(seed * 0.6180339887) - 0.5

set label 1 title at screen 0.5, screen py(26) center noenhanced \
    font font(fit(strlen(title), width - 30, 17))
set border 3 lc rgb ink
set tics nomirror out scale 0.6 textcolor rgb ink
set grid xtics ytics lt 1 lc rgb faint
set style fill solid 0.25
unset key

# The legend: one entry after the other, in rows above the panel that begins at `legend_left`.
#   says = 'median'; eval entry('lw 2 lc rgb ink', 'pt 7')   a line, a point, either may be ''
#   says = 'range'; eval box('fc rgb ink')
legend_left = 76; legend_right = 944; legend_x = legend_left; legend_y = 56; entries = 0; says = ''
place = 'entries = entries + 1; tag = 500 + entries; ' . \
    'wide = 56 + 8.4 * strlen(says); newline = legend_x + wide - 20 > legend_right; ' . \
    'legend_y = newline ? legend_y + 20 : legend_y; ' . \
    'legend_x = newline ? legend_left : legend_x; ' . \
    'set label tag says at screen px(legend_x + 36), screen py(legend_y) left noenhanced; '
on = ' from screen px(legend_x), screen py(legend_y) to screen px(legend_x + 28), ' . \
    'screen py(legend_y) '
on_box = ' from screen px(legend_x), screen py(legend_y + 6) to screen px(legend_x + 28), ' . \
    'screen py(legend_y - 6) '
on_point = ' at screen px(legend_x + 14), screen py(legend_y) '
next = 'legend_x = legend_x + wide'
entry(line, point) = place . \
    (line eq '' ? '' : 'set arrow tag' . on . 'nohead ' . line . '; ') . \
    (point eq '' ? '' : 'set label tag + 100 ""' . on_point . 'point ' . point . '; ') . next
box(fill) = place . 'set object tag rectangle' . on_box . fill . '; ' . next
outlined(c) = box('fc rgb ' . c . ' fs solid 0.25 border lc rgb ' . c)
comparison(t) = 'says = "' . t . '"; ' . entry('lw 1.5 dt 2 lc rgb dash', '')
