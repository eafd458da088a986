# Edit and draw again, in this folder: gnuplot ratios.gp
name = 'ratios'
data = '../'
title = 'Median gradient ratio at depth 10: 6 of 7 cells reach 0.1'
depth = 10
high = 10
last_epoch = 10
low = 1e-08
array models[7] = ['rnn', 'rlstm', 'tai_binary', 'child_sum', 'zhu', 'gru', 'grc']
quartiles = 0
array styles[7] = [1, 2, 3, 4, 5, 6, 7]
load 'plots/ratios.gp'
