// What benchmarks/viewer.py has the page do: one function, which does what it is told by name and answers with a figure.
([name, argument]) => {
  // Images a second that are painted while something acts at every frame.
  const painted = async (milliseconds, act) => {
    const stage = document.querySelector('.pane-stage');
    let images = 0;
    const count = () => images++;
    stage.addEventListener('CORNERSTONE_IMAGE_RENDERED', count);
    const began = performance.now();
    for (let turn = 0; performance.now() - began < milliseconds; turn++) {
      act(turn);
      await new Promise(requestAnimationFrame);
    }
    stage.removeEventListener('CORNERSTONE_IMAGE_RENDERED', count);
    return (1000 * images) / (performance.now() - began);
  };

  const does = {
    // Milliseconds from opening a study to its first pixels on the screen.
    open: (study) =>
      new Promise((done) => {
        const began = performance.now();
        const observer = new PerformanceObserver((list) => {
          if (!list.getEntriesByName('hilum:first-pixels').length) return;
          observer.disconnect();
          done(list.getEntriesByName('hilum:first-pixels')[0].startTime - began);
        });
        observer.observe({ entryTypes: ['mark'] });
        location.hash = `#/study/${study}`;
      }),

    // Look out for the next key: what it leads to must be in the very next frame.
    expectKey: (selector) => {
      window.keyPainted = new Promise((done, fail) => {
        const look = () => {
          if (!document.querySelector(selector)) fail(new Error(`${selector} must be in the frame after the key.`));
        };
        addEventListener('keydown', () => requestAnimationFrame(look), { once: true, capture: true });
        const observer = new PerformanceObserver((list) => {
          const key = list.getEntriesByName('keydown')[0];
          if (!key) return;
          observer.disconnect();
          done(key.duration);
        });
        observer.observe({ type: 'event', durationThreshold: 16 });
      });
      return 0;
    },

    // Milliseconds from that key to its frame on the screen, by the browser's own clock of events: in steps of 8.
    keyPainted: () => window.keyPainted,

    // Frames a second while the pointer drags the window, for some milliseconds.
    window: async (milliseconds) => {
      const pane = document.querySelector('.pane');
      const { left, top, width, height } = pane.getBoundingClientRect();
      pane.setPointerCapture = () => {};
      const drag = (kind, by, buttons) => {
        const [clientX, clientY] = [left + width / 2 + by, top + height / 2 + by / 3];
        const pointer = { pointerId: 1, pointerType: 'mouse', button: 0, buttons, clientX, clientY, bubbles: true };
        pane.dispatchEvent(new PointerEvent(kind, pointer));
      };
      drag('pointerdown', 0, 1);
      const found = await painted(milliseconds, (turn) => drag('pointermove', (turn % 40) - 20, 1));
      drag('pointerup', 0, 0);
      return found;
    },

    // Frames a second while the wheel zooms in and out.
    zoom: (milliseconds) => {
      const pane = document.querySelector('.pane');
      const { left, top, width, height } = pane.getBoundingClientRect();
      const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
      return painted(milliseconds, (turn) => pane.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: turn % 20 < 10 ? -40 : 40 })));
    },

    // Frames a second while the worklist is scrolled by a row and a half at a time.
    scroll: async (milliseconds) => {
      const list = document.querySelector('.worklist-grid');
      const began = performance.now();
      let frames = 0;
      for (; performance.now() - began < milliseconds; frames++) {
        list.scrollTop += 80;
        await new Promise(requestAnimationFrame);
      }
      return (1000 * frames) / (performance.now() - began);
    },

    // Rows that the worklist has, fetched or not yet.
    rows: () => document.querySelector('.worklist-rows').clientHeight / document.querySelector('.worklist-rows [role=row]').clientHeight,
  };

  return does[name](argument);
}
