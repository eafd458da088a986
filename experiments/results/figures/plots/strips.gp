# Every run as a dot, by dataset and model. Reads cell_runs.csv and cells.csv.
#   experiment; datasets[], labels[]: of the x axis; models[]; xlabel; chance: percent
load 'plots/style.gp'
eval frame(76, 940, 92, 506)
slot = 0.84 / |models|
at(dataset, m) = dataset + slot * (m - (|models| + 1) / 2.0)
set xrange [datasets[1] - 0.5:datasets[|datasets|] + 0.5]
set yrange [-2:102]
set ytics 0, 10
set grid noxtics
set xtics () scale 0 noenhanced
do for [i = 1:|datasets|] {
  set xtics add ('' datasets[i])
  set label 100 + i sprintf('%g', datasets[i]) at datasets[i], graph 0 center offset 0, -1.2
  set label 200 + i labels[i] at datasets[i], graph 0 center offset 0, -2.4 noenhanced
  set arrow from datasets[i] + 0.5, graph 0 to datasets[i] + 0.5, graph 1 nohead back lc rgb faint
}
set label 2 xlabel at graph 0.5, screen py(576) center noenhanced
set label 3 'test accuracy (%)' at screen px(22), graph 0.5 center rotate by 90
is(m) = strcol('experiment') eq experiment && strcol('model') eq models[m]
set table $cells separator comma
do for [m = 1:|models|] {
  plot data . 'cells.csv' using (at(column('dataset'), m)):(column('median')):(column('low')):\
      (column('high')) with table if (is(m))
}
set table $runs separator comma
do for [m = 1:|models|] {
  plot data . 'cell_runs.csv' using (m):\
      (at(column('dataset'), m) + 0.7 * slot * aside(column('seed'))):\
      (column('test_accuracy')) with table if (is(m))
}
unset table
half = 0.46 * slot
do for [m = 1:|models|] {
  says = models[m]; eval entry('', 'pt marker(models[m]) ps 0.8 lc rgb colour(models[m])')
}
says = 'median'; eval entry('lw 2.5 lc rgb "#000000"', '')
says = '95 % interval of the interquartile mean'; eval box('fs solid noborder fc rgb "#d4d4d4"')
eval comparison('chance')
plot $cells using 1:3:($1 - half):($1 + half):3:4 with boxxyerror fs solid noborder \
        fc rgb '#d4d4d4', \
    chance with lines lw 1.5 dt 2 lc rgb dash, \
    for [m = 1:|models|] $runs using ($1 == m ? $2 : NaN):3 with points pt marker(models[m]) \
        ps 0.5 lc rgb clear(colour(models[m])), \
    $cells using ($1 - half):2:(2 * half):(0) with vectors nohead lw 2.5 lc rgb '#000000'
unset output
