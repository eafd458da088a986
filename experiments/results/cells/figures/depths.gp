# Edit and draw again, in this folder: gnuplot depths.gp
name = 'depths'
data = '../'
title = 'On keywords 10-11 edges deep the median run learns the task with 5 of 7 cells; not with rnn, zhu'
chance = 10
array datasets[10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
experiment = 'exp2'
high = 100
joined = 1
array labels[7] = ['rnn', 'rlstm', 'tai_binary', 'child_sum', 'zhu', 'gru', 'grc']
log_x = 0
low = 0
numeric = 1
array places[10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
array styles[7] = [1, 2, 3, 4, 5, 6, 7]
array ticks[10] = ['1-2', '2-3', '3-4', '4-5', '5-6', '6-7', '7-8', '8-9', '9-10', '10-11']
xlabel = 'keyword depth (21 to 30 words)'
ylabel = 'test accuracy (%)'
load 'plots/sweep.gp'
