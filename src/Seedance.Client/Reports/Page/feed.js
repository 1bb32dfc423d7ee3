const tilesInChunk = 60;
const printedTiles = 5000;

/**
 * Shows any number of rows: they stand in chunks, and only chunks near the window have their tiles. The others keep their
 * place with their height, measured or estimated.
 */
class Feed {
  #element;
  #rows = [];
  #chunks = [];
  #observer = new IntersectionObserver(entries => this.#onIntersection(entries), { rootMargin: '1200px 0px' });
  #width = 0;

  constructor(element) {
    this.#element = element;
    element.addEventListener('keydown', event => this.#onKey(event));
    new ResizeObserver(() => this.#onResize()).observe(element);
    addEventListener('beforeprint', () => this.#preparePrint());
    addEventListener('afterprint', () => this.show(this.#rows));
  }

  show(rows) {
    this.#rows = rows;
    this.#observer.disconnect();
    this.#chunks = Array.from({ length: Math.ceil(rows.length / tilesInChunk) }, (_, number) => {
      const chunk = element('div', [], 'chunk');
      chunk.dataset.number = number;
      return chunk;
    });
    this.#element.replaceChildren(...this.#chunks);
    if (this.#chunks.length > 0) {
      this.#fill(this.#chunks[0]);
      this.#estimate();
      this.#chunks.forEach(chunk => this.#observer.observe(chunk));
    }
  }

  /** Moves the focus to a row, wherever it is. */
  focus(index) {
    if (index < 0 || index >= this.#rows.length) {
      return;
    }

    const chunk = this.#chunks[Math.floor(index / tilesInChunk)];
    this.#fill(chunk);
    const tile = chunk.children[index % tilesInChunk];
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: 'nearest' });
  }

  #fill(chunk) {
    if (chunk.childElementCount > 0) {
      return;
    }

    const start = chunk.dataset.number * tilesInChunk;
    const tiles = this.#rows.slice(start, start + tilesInChunk).map((row, place) => tileOf(row, start + place, this.#rows.length));
    chunk.append(...tiles);
    chunk.style.height = '';
  }

  #empty(chunk) {
    // Who is in it, by keyboard or with a selection, stays in it.
    if (chunk.childElementCount === 0 || chunk.contains(document.activeElement) || chunk.contains(getSelection().anchorNode)) {
      return;
    }

    chunk.style.height = `${chunk.offsetHeight}px`;
    chunk.replaceChildren();
  }

  // The first chunk shows how many tiles stand beside each other, and how high they are.
  #estimate() {
    const [first] = this.#chunks;
    const columns = getComputedStyle(first).gridTemplateColumns.split(' ').length;
    const lineHeight = first.offsetHeight / Math.ceil(first.childElementCount / columns);
    this.#width = this.#element.clientWidth;
    for (const chunk of this.#chunks) {
      if (chunk.childElementCount === 0) {
        const tiles = Math.min(tilesInChunk, this.#rows.length - chunk.dataset.number * tilesInChunk);
        chunk.style.height = `${Math.ceil(tiles / columns) * lineHeight}px`;
      }
    }
  }

  #onIntersection(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        this.#fill(target);
      } else if (target !== this.#chunks[0]) {
        this.#empty(target);
      }
    }
  }

  #onResize() {
    if (this.#chunks.length > 0 && this.#element.clientWidth !== this.#width) {
      this.#estimate();
    }
  }

  // The keys of the feed pattern of WAI-ARIA.
  #onKey(event) {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    const tile = event.target.closest('.tile');
    if (step && tile) {
      event.preventDefault();
      this.focus(Number(tile.dataset.index) + step);
    }
  }

  #preparePrint() {
    this.#observer.disconnect();
    const printed = Math.ceil(printedTiles / tilesInChunk);
    this.#chunks.slice(0, printed).forEach(chunk => this.#fill(chunk));
    this.#chunks.slice(printed).forEach(chunk => chunk.remove());
    if (this.#chunks.length > printed) {
      this.#element.append(element('p', `Printed are the first ${numbers.format(printed * tilesInChunk)} of ${counted(this.#rows.length, 'row')}. The page itself shows them all.`));
    }
  }
}
