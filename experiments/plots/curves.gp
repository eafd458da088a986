# Curves of folders over each other: mean dev accuracy above, mean loss below, by epoch. Reads
# curves.csv.
#   numbers[], models[], labels[]: a line each, of the folder of that number and the model;
#   last_epoch; low, high: of the dev accuracy in percent; low_loss, high_loss
load 'plots/style.gp'
n = |labels|
letters = 1
do for [g = 1:n] { letters = strlen(labels[g]) > letters ? strlen(labels[g]) : letters }
size = fit(letters, 220, 14)
right = 880 - letters * 0.62 * size
set xrange [0.7:last_epoch + 0.3]
step = 1
while (last_epoch / step > 14) { step = step * (int(log10(step) + 0.01) == log10(step) ? 5 : 2) }
set xtics 0, step
unset mxtics
do for [g = 1:n] {
  set label 500 + g labels[g] at screen px(right + 50), screen py(72 + 24 * g) left noenhanced \
      font font(size)
  set arrow 500 + g from screen px(right + 16), screen py(72 + 24 * g) \
      to screen px(right + 44), screen py(72 + 24 * g) nohead lw 2 lc rgb series_colour(g)
  set label 600 + g '' at screen px(right + 30), screen py(72 + 24 * g) \
      point pt series_marker(g) ps 0.9 lc rgb series_colour(g)
}
set table $rows separator comma
do for [g = 1:n] {
  plot data . 'curves.csv' using (g):(column('epoch')):(100 * column('dev_accuracy')): \
      (column('loss')) with table \
      if (column('number') == numbers[g] && strcol('model') eq models[g])
}
unset table
line = 'with linespoints lw 2 pt series_marker(g) ps (last_epoch > 30 ? 0.3 : 0.7) ' . \
    'lc rgb series_colour(g)'
set multiplot
eval frame(84, right, 56, 300)
set format x ''
set yrange [low:high]
set label 3 'dev accuracy (%)' at screen px(18), graph 0.5 center rotate by 90
eval 'plot for [g = 1:n] $rows using ($1 == g ? $2 : NaN):3 ' . line
unset label; unset arrow
eval frame(84, right, 318, 546)
set format x '%g'
set yrange [low_loss:high_loss]
set label 2 'epoch' at graph 0.5, screen py(588) center
set label 3 'loss' at screen px(18), graph 0.5 center rotate by 90
eval 'plot for [g = 1:n] $rows using ($1 == g ? $2 : NaN):4 ' . line
unset multiplot
unset output
