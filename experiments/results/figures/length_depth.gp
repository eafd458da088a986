# Edit and draw again, in this folder: gnuplot length_depth.gp
name = 'length_depth'
data = '../'
title = 'The median run learns the task: rnn in 5 of 20 cells, rlstm in 16 of 20 cells'
array depths[5] = [2, 4, 6, 8, 10]
array lengths[4] = ['11-20', '31-40', '51-60', '71-80']
array lows[4] = [11, 31, 51, 71]
array models[2] = ['rnn', 'rlstm']
load 'plots/length_depth.gp'
