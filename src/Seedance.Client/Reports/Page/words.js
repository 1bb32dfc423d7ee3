'use strict';

// What the page was told beside the rows: {states: [{state, word, count}], thumbnailsLeftOut}. States come in the order of their urgency.
const totals = JSON.parse(document.getElementById('totals').textContent);
const urgency = Object.fromEntries(totals.states.map(({ state }, index) => [state, index]));
const stateWords = Object.fromEntries(totals.states.map(({ state, word }) => [state, word]));

const typeWords = { Image: 'picture', Video: 'clip', Audio: 'voice', GeneratedVideo: 'video' };
const matchWords = { Name: 'matched by name', Single: 'matched as the only one', Position: 'matched by position, which is a guess', SimilarName: 'matched by a similar name, which is a guess' };

const numbers = new Intl.NumberFormat('en-US');
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });
const times = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });

function counted(count, noun) {
  return `${numbers.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function spanText(seconds) {
  const whole = Math.round(seconds);
  if (whole >= 3600) {
    return `${numbers.format(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`;
  }

  return whole >= 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.round(seconds * 10) / 10} s`;
}

function titleOf(row) {
  return row.name ?? row.id ?? (row.row ? `Row ${numbers.format(row.row)}` : row.asset ?? row.task ?? 'Row without a name');
}
