# The median ratio at one keyword depth by epoch: median over the runs that reach the epoch, and
# their quartiles. Reads ratio_medians.csv.
#   models[]; styles[]: of the models, as in sweep.gp; quartiles: whether they are drawn; depth;
#   last_epoch; low, high: of the ratio axis
load 'plots/style.gp'
eval frame(86, 940, 92, 530)
set logscale y
set xrange [0.8:last_epoch + 0.2]
set yrange [low:high]
step = last_epoch <= 25 ? 1 : 5
set xtics 1, step
power = decades(low, high)
set ytics power format '10^{%T}'
unset mytics
legend_left = 86; legend_x = 86
set label 2 'epoch' at graph 0.5, screen py(578) center
set label 3 sprintf('median ratio at depth %d', depth) at screen px(18), graph 0.5 \
    center rotate by 90
inside(y) = y < low ? low : y > high ? high : y
set table $rows separator comma
do for [m = 1:|models|] {
  plot data . 'ratio_medians.csv' using (m):(column('epoch')):(inside(column('q25'))):\
      (inside(column('median'))):(inside(column('q75'))) with table \
      if (strcol('model') eq models[m] && column('depth') == depth)
}
unset table
do for [m = 1:|models|] {
  says = models[m] . (quartiles ? ': median' : '')
  eval entry('lw 2.5 lc rgb series_colour(styles[m])', \
      'pt series_marker(styles[m]) ps 0.9 lc rgb series_colour(styles[m])')
  if (quartiles) {
    says = 'quartiles'; eval box('fs solid noborder fc rgb clear(series_colour(styles[m]))')
  }
}
eval comparison('ratio 1')
plot 1 with lines lw 1.5 dt 2 lc rgb dash, \
    for [m = 1:|models|] $rows using (quartiles && $1 == m ? $2 : NaN):3:5 with filledcurves \
        lc rgb clear(series_colour(styles[m])), \
    for [m = 1:|models|] $rows using ($1 == m ? $2 : NaN):4 with linespoints \
        pt series_marker(styles[m]) ps 0.9 lw 2.5 lc rgb series_colour(styles[m])
unset output
