# Gradient ratios of all nodes by their depth, a panel a model and an epoch. Reads node_ratios.csv.
#   models[]; epochs[]; kinds[]: of nodes; last_depth; low, high: of the ratio axis
load 'plots/style.gp'
across = 868.0 / |epochs|
down = 466.0 / |models|
set logscale y
set xrange [0.5:last_depth + 0.5]
set yrange [low:high]
step = last_depth > 16 ? 10 : 2
set xtics step
power = decades(low, high)
set ytics power format '10^{%T}'
unset mytics
inside(y) = y < low ? low : y > high ? high : y
set table $rows separator comma
do for [m = 1:|models|] {
  do for [k = 1:|kinds|] {
    plot data . 'node_ratios.csv' using (m):(column('epoch')):(k):(column('depth')):\
        (inside(column('median_ratio'))) with table \
        if (strcol('model') eq models[m] && strcol('kind') eq kinds[k])
  }
}
unset table
kind_colour(i) = word('#444444 #0072b2 #d55e00 #009e73', i)
set label 2 'depth of the node' at screen 0.5, screen py(584) center
set label 3 'gradient ratio: node over root' at screen px(18), screen py(322) center rotate by 90
legend_left = 86; legend_x = 86
do for [k = 1:|kinds|] {
  says = kinds[k]
  eval entry('lw 2 lc rgb kind_colour(k)', 'pt series_marker(k) ps 0.8 lc rgb kind_colour(k)')
}
eval comparison('ratio 1')
set multiplot
do for [m = 1:|models|] {
  do for [e = 1:|epochs|] {
    eval frame(86 + (e - 1) * across, 86 + e * across - 14, 80 + (m - 1) * down + 26, \
        80 + m * down - 8)
    when = epochs[e] == 0 ? 'before training' : sprintf('epoch %d', epochs[e])
    set title models[m] . ', ' . when offset 0, -0.6 noenhanced
    set format x (m == |models| ? '%g' : '')
    set format y (e == 1 ? '10^{%T}' : '')
    plot 1 with lines lw 1.5 dt 2 lc rgb dash, \
        for [k = 1:|kinds|] $rows using ($1 == m && $2 == epochs[e] && $3 == k ? $4 : NaN):5 \
            with linespoints pt series_marker(k) ps 0.7 lw 2 lc rgb kind_colour(k)
    unset label; unset arrow
  }
}
unset multiplot
unset output
