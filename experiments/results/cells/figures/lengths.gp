# Edit and draw again, in this folder: gnuplot lengths.gp
name = 'lengths'
data = '../'
title = 'On 41-50 words the median run learns the task with 6 of 7 cells; not with rnn'
chance = 10
array datasets[5] = [1, 2, 3, 4, 5]
experiment = 'exp1'
high = 100
joined = 1
array labels[7] = ['rnn', 'rlstm', 'tai_binary', 'child_sum', 'zhu', 'gru', 'grc']
log_x = 0
low = 0
numeric = 1
array places[5] = [1, 2, 3, 4, 5]
array styles[7] = [1, 2, 3, 4, 5, 6, 7]
array ticks[5] = ['1-10', '11-20', '21-30', '31-40', '41-50']
xlabel = 'words'
ylabel = 'test accuracy (%)'
load 'plots/sweep.gp'
