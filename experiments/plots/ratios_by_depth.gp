# Gradient ratios by keyword depth, a panel an epoch, of one run. Reads ratios.csv.
#   key, model: the run; epochs[]; first_depth, last_depth; low, high: of the ratio axis
load 'plots/style.gp'
few = 10   # medians of fewer trees stand apart
columns = |epochs| < 4 ? |epochs| : 4
rows = (|epochs| + columns - 1) / columns
across = 868.0 / columns
down = 466.0 / rows
set logscale y
set xrange [first_depth - 0.7:last_depth + 0.7]
set yrange [low:high]
step = last_depth - first_depth > 16 ? 10 : 2
set xtics step
power = decades(low, high)
set ytics power format '10^{%T}'
unset mytics
inside(y) = y < low ? low : y > high ? high : y
set label 2 'keyword depth' at screen 0.5, screen py(584) center
set label 3 'gradient ratio: keyword over root' at screen px(18), screen py(322) center rotate by 90
set table $rows separator comma
plot data . 'ratios.csv' using (column('depth')):(column('n')):(inside(column('q05'))):\
    (inside(column('q25'))):(inside(column('median'))):(inside(column('q75'))):\
    (inside(column('q95'))):(column('epoch')) with table if (strcol('key') eq key)
unset table
legend_left = 86; legend_x = 86
says = model . ', median'
eval entry('lw 2 lc rgb colour(model)', 'pt 7 ps 0.6 lc rgb colour(model)')
says = sprintf('median of fewer than %d trees', few)
eval entry('', 'pt 6 ps 0.7 lc rgb colour(model)')
says = '25 to 75 %'; eval entry('lw 5 lc rgb clear(colour(model))', '')
says = '5 to 95 %'; eval entry('lw 2 lc rgb clear(colour(model))', '')
eval comparison('ratio 1')
set multiplot
do for [p = 0:|epochs| - 1] {
  column_of = p % columns
  row_of = p / columns
  lowest = p + columns >= |epochs|
  eval frame(86 + column_of * across, 86 + (column_of + 1) * across - 14, \
      80 + row_of * down + 26, 80 + (row_of + 1) * down - 8)
  set title sprintf('epoch %d', epochs[p + 1]) offset 0, -0.6
  set format x (lowest ? '%g' : '')
  set format y (column_of == 0 ? '10^{%T}' : '')
  epoch = epochs[p + 1]
  plot 1 with lines lw 1.5 dt 2 lc rgb dash, \
      $rows using ($8 == epoch ? $1 : NaN):3:(0):($7 - $3) with vectors nohead lw 2 \
          lc rgb clear(colour(model)), \
      $rows using ($8 == epoch ? $1 : NaN):4:(0):($6 - $4) with vectors nohead lw 5 \
          lc rgb clear(colour(model)), \
      $rows using ($8 == epoch ? $1 : NaN):($2 < few ? NaN : $5) \
          with linespoints pt 7 ps 0.5 lw 2 lc rgb colour(model), \
      $rows using ($8 == epoch ? $1 : NaN):($2 < few ? $5 : NaN) \
          with points pt 6 ps 0.7 lc rgb colour(model)
  unset label; unset arrow
}
unset multiplot
unset output
