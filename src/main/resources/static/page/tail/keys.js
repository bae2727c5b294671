// The keys of the Messages panel. Letters work while the focus is in this panel, and not in a field.

export function keys(section, { list, actions, closeDetails }) {
  const help = section.querySelector('dialog');
  const filter = section.querySelector('[name="text"]');
  const messages = section.querySelector('.messages');

  const inList = {
    ArrowDown: () => list.move(1),
    ArrowUp: () => list.move(-1),
    PageDown: () => list.move(list.page()),
    PageUp: () => list.move(-list.page()),
    Home: () => list.edge(false),
    End: () => list.edge(true),
    Enter: () => list.open(),
    ' ': () => list.open(),
  };

  const anywhere = {
    '/': () => filter.focus(),
    '?': () => help.showModal(),
    j: () => move(1),
    k: () => move(-1),
    ...actions,
  };

  function move(down) {
    messages.focus({ preventScroll: true });
    list.move(down);
  }

  section.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) {
      return;
    }
    const field = event.target.closest('input, select, textarea');
    const act = event.key === 'Escape' ? escape(field) : key(event, field);
    if (act) {
      event.preventDefault();
      act();
    }
  });

  function key(event, field) {
    return (event.target === messages && inList[event.key]) || (!field && anywhere[event.key]);
  }

  // The browser itself clears a search field.
  function escape(field) {
    return !field && (() => {
      closeDetails();
      messages.focus({ preventScroll: true });
    });
  }

  section.querySelector('.help').addEventListener('click', () => help.showModal());
}
