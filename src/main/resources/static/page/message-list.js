// The messages on the page: newest on top, bounded, drawn at most once a frame.

const LIMIT = 500;
const BODY_LIMIT = 4000;
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 };

export function messageList(section) {
  const list = section.querySelector('.messages');
  const count = section.querySelector('.count');
  let waiting = [];
  let seen = 0;
  let frame = 0;

  function enqueue(item) {
    waiting.push(item);
    // What would be pushed out of the list anyway need not be drawn. A hidden tab draws nothing at all.
    if (waiting.length > 2 * LIMIT) {
      waiting = waiting.slice(-LIMIT);
    }
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    list.prepend(...waiting.slice(-LIMIT).reverse().map((render) => render()));
    waiting = [];
    while (list.childElementCount > LIMIT) {
      list.lastElementChild.remove();
    }
    if (seen > 0) {
      count.textContent = `${seen.toLocaleString()} ${seen === 1 ? 'message' : 'messages'}`
        + (seen > LIMIT ? `, the newest ${LIMIT} shown` : '');
    }
  }

  return {
    add(entry) {
      seen += 1;
      enqueue(() => message(entry));
    },
    addGap(gap) {
      enqueue(() => missing(gap));
    },
  };
}

function message(entry) {
  const item = document.createElement('li');
  const head = element('div', 'message-head', time(entry.receivedAt), element('code', 'position', entry.id),
    element('span', 'type', entry.contentType ?? 'no content type'));
  item.append(head, element('pre', entry.encoding === 'base64' ? 'binary' : '', ...body(entry)));
  return item;
}

function missing({ asked, first }) {
  const place = first ? `the log now begins at ${first}` : 'the log holds nothing after it';
  return element('li', 'gap', `Messages are missing here: ${asked} was asked for, but ${place}.`);
}

function body({ id, encoding, body: text = '' }) {
  if (encoding === 'base64') {
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    return [`${((text.length / 4) * 3 - padding).toLocaleString()} bytes binary`];
  }
  if (text.length <= BODY_LIMIT) {
    return [text];
  }
  const whole = element('a', '', `all ${text.length.toLocaleString()} characters`);
  whole.href = `/messages/${encodeURIComponent(id)}`;
  return [text.slice(0, BODY_LIMIT), ' … ', whole];
}

function time(iso) {
  const at = new Date(iso);
  const clock = element('time', '', at.toLocaleTimeString('en-GB', CLOCK));
  clock.dateTime = iso;
  clock.title = at.toLocaleString();
  return clock;
}

// Text goes in as text nodes only: nothing a message holds is ever read as markup.
function element(name, className, ...content) {
  const node = document.createElement(name);
  if (className) {
    node.className = className;
  }
  node.append(...content);
  return node;
}
