const tileTemplate = document.getElementById('tile').content.firstElementChild;
const longText = 400;
const columnsAtOnce = 6;

function element(name, content, className) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  if (className) {
    made.className = className;
  }

  return made;
}

function details(summary, content) {
  return element('details', [element('summary', summary), content]);
}

/** Fills a part of a tile, or takes it away where there is nothing to show. */
function fill(part, content) {
  if (content === undefined || content === null || content.length === 0) {
    part.remove();
  } else {
    part.append(...[content].flat());
  }
}

// Codes are long words: they break after their signs, or before a capital.
function breakable(text) {
  return text.split(/(?<=[.:/_])(?=\S)|(?<=[a-z])(?=[A-Z])/).flatMap((part, index) => index > 0 ? [document.createElement('wbr'), part] : [part]);
}

function shortened(text) {
  return text && text.length > longText ? details(`${text.slice(0, longText / 2)} …`, text.slice(longText / 2)) : text && breakable(text);
}

function sign(type) {
  const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawing.setAttribute('class', 'sign');
  drawing.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#sign-${type}`);
  drawing.append(use);
  return drawing;
}

function thumbnail(row) {
  const address = row.thumbnail ?? (row.thumbnailBytes && `data:${row.thumbnailType};base64,${row.thumbnailBytes}`);
  if (!address) {
    return sign(row.type);
  }

  // The name beside it says what it is.
  const image = Object.assign(document.createElement('img'), { alt: '', decoding: 'async', referrerPolicy: 'no-referrer', draggable: false });
  image.addEventListener('error', () => image.replaceWith(sign(row.type)), { once: true });
  image.src = address;
  return image;
}

function videoLink(row) {
  const expires = row.expires && new Date(row.expires);
  if (!row.video || expires < new Date()) {
    return expires && `The link ended on ${times.format(expires)}.`;
  }

  const link = Object.assign(element('a', 'Open the video'), { href: row.video, target: '_blank', rel: 'noopener noreferrer' });
  link.setAttribute('aria-label', `Open the video ${titleOf(row)}`);
  return expires ? [link, ` until ${times.format(expires)}`] : link;
}

function columnList(columns = []) {
  const items = columns.map(([name, value]) => {
    const [term, text] = [element('dt', name), element('dd', value ? shortened(value) : '–')];
    term.dir = text.dir = 'auto';
    return element('div', [term, text]);
  });
  const rest = items.slice(columnsAtOnce);
  return rest.length === 0 ? items : [...items.slice(0, columnsAtOnce), element('div', element('dd', details(`${rest.length} more`, element('dl', rest, 'columns'))))];
}

/** The tile of a row, which is the one at an index of so many. */
function tileOf(row, index, size) {
  const tile = tileTemplate.cloneNode(true);
  const part = name => tile.querySelector(`.${name}`);
  const title = titleOf(row);

  part('thumbnail').append(thumbnail(row));
  part('badge').append(stateWords[row.state]);
  part('badge').dataset.state = row.state;
  part('badge').id = `state-${index}`;
  part('name').append(title);
  part('name').id = `name-${index}`;
  tile.setAttribute('aria-labelledby', `name-${index} state-${index}`);
  tile.setAttribute('aria-posinset', index + 1);
  tile.setAttribute('aria-setsize', size);
  tile.dataset.index = index;

  fill(part('place'), [
    row.row && `Row ${numbers.format(row.row)}`,
    row.id && row.id !== title && element('bdi', row.id),
    typeWords[row.type],
  ].filter(Boolean).flatMap((item, position) => position > 0 ? [' · ', item] : [item]));

  fill(part('error'), shortened(row.error));
  fill(part('advice'), shortened(row.advice));
  if (!row.error && !row.advice) {
    part('problem').remove();
  }

  if (row.asset) {
    const button = tile.querySelector('.asset button');
    button.setAttribute('aria-label', `Copy the asset address of ${title}`);
    button.addEventListener('click', () => copyFrom(button, row.asset));
    tile.querySelector('.asset code').append(row.asset);
  } else {
    part('asset').remove();
  }

  fill(part('video'), videoLink(row));
  fill(part('columns'), columnList(row.columns));
  fill(part('meta'), [
    matchWords[row.matchedBy] ?? (row.matchedBy && `matched by ${row.matchedBy}`),
    row.tries !== undefined && (row.tries === 1 ? '1 try' : `${numbers.format(row.tries)} tries`),
    row.seconds !== undefined && spanText(row.seconds),
    row.cost !== undefined && dollars.format(row.cost),
    row.task && `task ${row.task}`,
  ].filter(Boolean).join(' · '));
  return tile;
}
