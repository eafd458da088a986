# Mean activation of the gates by epoch, a panel a gate, a line a place. Reads gates.csv.
#   gates[]; places[], labels[]: lines; least_runs: epochs that fewer runs reach are left out;
#   last_epoch; low, high: of the y axis
load 'plots/style.gp'
across = 862.0 / |gates|
set xrange [-0.2:last_epoch + 0.2]
set yrange [low:high]
step = last_epoch <= 12 ? 1 : 5
set xtics 0, step
set table $rows separator comma
do for [g = 1:|gates|] {
  do for [k = 1:|places|] {
    plot data . 'gates.csv' using (g):(k):(column('epoch')):(column('mean_activation')) \
        with table if (strcol('gate') eq gates[g] && strcol('place') eq places[k] && \
                       column('runs') >= least_runs)
  }
}
unset table
set label 2 'epoch (0: before training)' at screen 0.5, screen py(584) center
set label 3 'mean activation' at screen px(18), screen py(322) center rotate by 90
legend_left = 86; legend_x = 86
do for [k = 1:|places|] {
  says = labels[k]
  eval entry('lw 2 lc rgb series_colour(k)', 'pt series_marker(k) ps 0.9 lc rgb series_colour(k)')
}
set multiplot
do for [g = 1:|gates|] {
  eval frame(86 + (g - 1) * across, 86 + g * across - 16, 112, 538)
  set title 'gate ' . gates[g] offset 0, -0.4
  set format y (g == 1 ? '%g' : '')
  plot for [k = 1:|places|] $rows using ($1 == g && $2 == k ? $3 : NaN):4 with linespoints \
      pt series_marker(k) ps 0.8 lw 2 lc rgb series_colour(k)
  unset label; unset arrow
}
unset multiplot
unset output
