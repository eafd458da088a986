# Share of the judged claims that hold, a variant a row. Reads variants.csv.
#   labels[], places[]: of its rows, in their order; place 0 is not drawn, place 1 on top
load 'plots/style.gp'
longest = 1
rows = 1
do for [i = 1:|labels|] {
  longest = places[i] > 0 && strlen(labels[i]) > longest ? strlen(labels[i]) : longest
  rows = places[i] > rows ? places[i] : rows
}
size = 444.0 / rows * 0.8 < 13 ? 444.0 / rows * 0.8 : 13
size = fit(longest, 500, size)
left = 24 + longest * 0.59 * size
legend_left = left; legend_x = left
eval frame(left, 880, 84, 536)
set xrange [0:100]
set yrange [rows + 0.5:0.5]
set xtics 0, 10
unset ytics
set border 1
do for [i = 1:|labels|] {
  if (places[i] > 0) {
    set label 10 + i labels[i] at graph 0, first places[i] right offset -0.8, 0 noenhanced \
        font font(size)
  }
}
set label 2 'judged claims that hold (%)' at graph 0.5, screen py(584) center
set table $rows separator comma
plot data . 'variants.csv' using (100.0 * column('claims_that_hold') / column('claims_judged')):\
    (places[int($0) + 1]):(column('claims_that_hold')):(column('claims_judged')):\
    (int($0) + 1 == default_row) with table if (places[int($0) + 1] > 0)
unset table
says = 'a variant'; eval entry('', 'pt 7 ps 1.0 lc rgb colour("rlstm")')
says = 'the default'; eval entry('', 'pt 5 ps 1.2 lc rgb colour("rnn")')
plot $rows using (0):2:1:(0) with vectors nohead lw 3 lc rgb faint, \
    $rows using ($5 == 0 ? $1 : NaN):2 with points pt 7 ps 1.0 lc rgb colour('rlstm'), \
    $rows using ($5 == 1 ? $1 : NaN):2 with points pt 5 ps 1.2 lc rgb colour('rnn'), \
    $rows using (100):2:(sprintf('%d of %d', $3, $4)) with labels left offset 0.8, 0 \
        font font(size)
unset output
