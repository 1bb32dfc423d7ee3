// Files as RFC 4180 has them, in UTF-8 with a byte order mark, by which spreadsheets know it.

const failedStates = ['Failed', 'Invalid', 'NotAccepted', 'Unknown'];
const usableStates = ['Usable'];

// A spreadsheet takes a cell for a formula by its first sign. Where it splits at semicolons, tabs or line ends, cells begin inside ours too.
const formulaStart = /(^|[;\t\r\n])([\s"]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

const commonColumns = [['Row', 'row'], ['RowId', 'id'], ['Name', 'name'], ['Type', 'type']];
const failedColumns = [...commonColumns, ['State', 'state'], ['Error', 'error'], ['Advice', 'advice'], ['TaskId', 'task'], ['Tries', 'tries'], ['Seconds', 'seconds']];
const usableColumns = [...commonColumns, ['AssetUrl', 'asset'], ['MatchedBy', 'matchedBy'], ['TaskId', 'task'], ['VideoUrl', 'video'], ['VideoExpiresAt', 'expires'], ['Cost', 'cost']];

function csvCell(value) {
  const text = typeof value === 'string' ? value.replace(formulaStart, "$1$2'") : String(value ?? '');
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvLine(values) {
  return `${values.map(csvCell).join(',')}\r\n`;
}

// Headings must differ in more than case: a reader of CSV would refuse the file, or lose a column.
function distinctHeading(name, taken) {
  let heading = name;
  for (let number = 2; taken.has(heading.toLowerCase()); number++) {
    heading = `${name} (${number})`;
  }

  taken.add(heading.toLowerCase());
  return heading;
}

/** The text of a file in parts: a line a row, with our columns and then those that were kept. */
function csvParts(rows, columns) {
  const kept = [...new Set(rows.flatMap(row => (row.columns ?? []).map(([name]) => name)))];
  const taken = new Set(columns.map(([heading]) => heading.toLowerCase()));
  const headings = [...columns.map(([heading]) => heading), ...kept.map(name => distinctHeading(name, taken))];
  return ['\uFEFF', csvLine(headings), ...rows.map(row => {
    const values = new Map(row.columns);
    return csvLine([...columns.map(([, member]) => row[member]), ...kept.map(name => values.get(name))]);
  })];
}

function saveFile(name, parts) {
  const address = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();

  // The download has begun, but may not have read all of it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
