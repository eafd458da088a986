# Edit and draw again, in this folder: gnuplot experiment1.gp
name = 'experiment1'
data = '../'
title = 'Most runs learn the task: rnn up to 10 words, rlstm up to 70 words'
chance = 10
array datasets[10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
experiment = 'exp1'
array labels[10] = ['1-10', '11-20', '21-30', '31-40', '41-50', '51-60', '61-70', '71-80', '81-90', '91-100']
array models[2] = ['rnn', 'rlstm']
xlabel = 'dataset, with its sentence lengths'
load 'plots/strips.gp'
