# Test accuracy by dataset: the best rnn run, and all runs of rlstm. Reads cells.csv and
# cell_runs.csv.
#   experiment; datasets[], labels[]: of the x axis; has_rnn, has_rlstm; xlabel; chance: percent
load 'plots/style.gp'
is(model) = strcol('experiment') eq experiment && strcol('model') eq model
eval frame(76, 940, 92, 506)
set xrange [datasets[1] - 0.6:datasets[|datasets|] + 0.6]
set yrange [0:102]
set ytics 0, 10
set grid noxtics
set xtics () noenhanced
do for [i = 1:|datasets|] {
  set xtics add ('' datasets[i])
  set label 100 + i sprintf('%g', datasets[i]) at datasets[i], graph 0 center offset 0, -1.2
  set label 200 + i labels[i] at datasets[i], graph 0 center offset 0, -2.4 noenhanced
}
set label 2 xlabel at graph 0.5, screen py(576) center noenhanced
set label 3 'test accuracy (%)' at screen px(22), graph 0.5 center rotate by 90
if (has_rlstm) {
  set table $cells separator comma
  plot data . 'cells.csv' using (column('dataset')):(column('lowest')):(column('q25')):\
      (column('median')):(column('q75')):(column('best')) with table if (is('rlstm'))
  set table $runs separator comma
  plot data . 'cell_runs.csv' using (column('dataset') + 0.36 + 0.12 * aside(column('seed'))):\
      (column('test_accuracy')) with table if (is('rlstm'))
  unset table
}
if (has_rnn) {
  set table $best separator comma
  plot data . 'cells.csv' using (column('dataset')):(column('best')) with table if (is('rnn'))
  unset table
}
eval comparison('chance')
draw = 'plot chance with lines lw 1.5 dt 2 lc rgb dash'
if (has_rlstm) {
  says = 'rlstm: quartiles, range'; eval outlined('colour("rlstm")')
  says = 'rlstm: median'; eval entry('lw 4 lc rgb colour("rlstm")', '')
  says = 'rlstm: every run'; eval entry('', 'pt 6 ps 0.6 lc rgb colour("rlstm")')
  draw = draw . ', $cells using 1:3:2:6:5:(0.5) with candlesticks whiskerbars 0.6 lw 1.5 ' . \
      'lc rgb colour("rlstm"), ' . \
      '$cells using ($1 - 0.25):4:(0.5):(0) with vectors nohead lw 4 lc rgb colour("rlstm"), ' . \
      '$runs with points pt 6 ps 0.5 lc rgb colour("rlstm")'
}
if (has_rnn) {
  says = 'rnn: best run'
  eval entry('lw 2 lc rgb colour("rnn")', 'pt 5 ps 0.9 lc rgb colour("rnn")')
  draw = draw . ', $best with linespoints pt 5 ps 0.9 lw 2 lc rgb colour("rnn")'
}
eval draw
unset output
