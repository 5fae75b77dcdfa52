/** Small shapes, drawn here. Each says the same as a word beside it or as its button's label. */

import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const LINE = { fill: 'none', stroke: 'currentColor', 'stroke-width': 1.6, 'stroke-linecap': 'round' } as const;

export const CloseIcon = () => (
  <Icon>
    <path d="M4 4l8 8M12 4l-8 8" {...LINE} />
  </Icon>
);

/** A ring that is not closed: on its way. */
export const PendingIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" stroke-dasharray="3 3" {...LINE} />
  </Icon>
);

/** A ring with a dot: read, and waits for a person. */
export const ReadIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" {...LINE} />
    <circle cx="8" cy="8" r="2" fill="currentColor" />
  </Icon>
);

/** A ring that is struck through: not read. */
export const RefusedIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" {...LINE} />
    <path d="M4.2 11.8l7.6-7.6" {...LINE} />
  </Icon>
);

/** A triangle with a mark: went wrong. */
export const FailedIcon = () => (
  <Icon>
    <path d="M8 2.2L14.2 13H1.8z" stroke-linejoin="round" {...LINE} />
    <path d="M8 6.2v3.3M8 11.4v.1" {...LINE} />
  </Icon>
);

/** A tick: signed off. */
export const ReviewedIcon = () => (
  <Icon>
    <path d="M3 8.6l3.3 3.3L13 4.6" {...LINE} />
  </Icon>
);

/** Two arrows up: before all others. */
export const StatIcon = () => (
  <Icon>
    <path d="M3.5 8L8 3.5 12.5 8M3.5 12.5L8 8l4.5 4.5" {...LINE} />
  </Icon>
);

export const FlagIcon = () => (
  <Icon>
    <path d="M4 14V2.5h8.5L10 5.5l2.5 3H4" stroke-linejoin="round" {...LINE} />
  </Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4" {...LINE} />
    <path d="M10 10l3.5 3.5" {...LINE} />
  </Icon>
);

export const UploadIcon = () => (
  <Icon>
    <path d="M8 10.5V2.5M5 5.5l3-3 3 3M2.5 10v3.5h11V10" {...LINE} />
  </Icon>
);

/** Lines with knobs: settings. */
export const SettingsIcon = () => (
  <Icon>
    <path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6" {...LINE} />
    <circle cx="10" cy="4.5" r="1.8" {...LINE} />
    <circle cx="6" cy="11.5" r="1.8" {...LINE} />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="8" cy="5" r="2.7" {...LINE} />
    <path d="M2.8 14c.5-3 2.5-4.6 5.2-4.6s4.7 1.6 5.2 4.6" {...LINE} />
  </Icon>
);

/** A line that is broken. */
export const LostIcon = () => (
  <Icon>
    <path d="M2 8h4M10 8h4M7 4.5l2 7" {...LINE} />
  </Icon>
);
