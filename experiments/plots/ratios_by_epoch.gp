# Gradient ratios at one keyword depth by epoch, and the dev accuracy of rlstm. Reads ratios.csv
# and epochs.csv.
#   models[], keys[], titles[]: a panel each; depth; last_epoch: of both; low, high: of the ratios
load 'plots/style.gp'
panels = |models|
down = 508.0 / panels
set logscale y
set xrange [0.3:last_epoch + 0.7]
step = last_epoch <= 25 ? 1 : last_epoch <= 50 ? 5 : 10
set xtics 1, step
power = decades(low, high)
set grid noxtics
unset mytics
inside(y) = y < low ? low : y > high ? high : y
set multiplot
do for [p = 1:panels] {
  model = models[p]
  lowest = p == panels
  top = 46 + (p - 1) * down
  eval frame(86, 884, top + 50, top + down - 12)
  if (lowest) { set label 2 'epoch' at graph 0.5, screen py(588) center }
  set label 3 'gradient ratio' at screen px(18), graph 0.5 center rotate by 90
  set label 4 titles[p] at graph 0, screen py(top + 26) left noenhanced
  legend_left = 86 + 9.5 * strlen(titles[p]) + 24; legend_x = legend_left; legend_y = top + 26
  says = 'median'; eval entry('lw 4 lc rgb colour(model)', '')
  says = 'quartiles, 5 to 95 %'; eval outlined('colour(model)')
  eval comparison('ratio 1')
  set yrange [low:high]
  set ytics power format '10^{%T}'
  set format x (lowest ? '%g' : '')
  set table $rows separator comma
  plot data . 'ratios.csv' using (column('epoch')):(inside(column('q05'))):(inside(column('q25'))):\
      (inside(column('median'))):(inside(column('q75'))):(inside(column('q95'))) with table \
      if (strcol('key') eq keys[p] && column('depth') == depth)
  set table $dev separator comma
  plot data . 'epochs.csv' using (column('epoch')):(100 * column('dev_accuracy')) with table \
      if (strcol('key') eq keys[p])
  unset table
  draw = 'plot 1 with lines lw 1.5 dt 2 lc rgb dash, ' . \
      '$rows using 1:3:2:6:5:(0.5) with candlesticks whiskerbars 0.5 lw 1.5 ' . \
      'lc rgb colour(model), ' . \
      '$rows using ($1 - 0.25):4:(0.5):(0) with vectors nohead lw 4 lc rgb colour(model)'
  if (model eq 'rlstm') {
    set border 11
    set y2range [0:100]
    set y2tics 0, 20 out
    set label 5 'dev accuracy (%)' at screen px(940), graph 0.5 center rotate by 90
    says = 'dev accuracy'; eval entry('lw 1.5 lc rgb ink', 'pt 9 ps 0.7 lc rgb ink')
    draw = draw . ', $dev axes x1y2 with linespoints pt 9 ps 0.7 lw 1.5 lc rgb ink'
  } else {
    set border 3
    unset y2tics
  }
  eval draw
  unset label; unset arrow; unset object
}
unset multiplot
unset output
