# How often each claim holds among five-run studies. Reads claims.csv.
#   labels[], judged[]: of its rows, in their order; those without data are 0 in judged
load 'plots/style.gp'
longest = 1
do for [i = 1:|labels|] { longest = strlen(labels[i]) > longest ? strlen(labels[i]) : longest }
rows = |labels|
size = 430.0 / rows * 0.74 < 13 ? 430.0 / rows * 0.74 : 13
size = fit(longest, 520, size)
left = 24 + longest * 0.59 * size
legend_left = left; legend_x = left
eval frame(left, 936, 84, 536)
set xrange [0:100]
set yrange [rows + 0.5:0.5]
set xtics 0, 10
unset ytics
set border 1
do for [i = 1:rows] {
  set label 10 + i labels[i] at graph 0, first i right offset -0.8, 0 noenhanced font font(size)
}
set label 2 'five-run studies that uphold the claim (%)' at graph 0.5, screen py(584) center
set arrow 1 from 50, graph 0 to 50, graph 1 nohead lw 1.5 dt 2 lc rgb dash
set table $rows separator comma
plot data . 'claims.csv' using (column('upheld_of_1000') / 10):($0 + 1) \
    with table if (judged[int($0) + 1])
unset table
says = 'holds'; eval entry('', 'pt 7 ps 1.1 lc rgb colour("rlstm")')
says = 'does not hold'; eval entry('', 'pt 4 ps 1.2 lw 2 lc rgb colour("rnn")')
eval comparison('half')
plot $rows using (0):2:1:(0) with vectors nohead lw 3 lc rgb faint, \
    $rows using ($1 >= 50 ? $1 : NaN):2 with points pt 7 ps 1.1 lc rgb colour('rlstm'), \
    $rows using ($1 < 50 ? $1 : NaN):2 with points pt 4 ps 1.2 lw 2 lc rgb colour('rnn')
unset output
