/** The image's tools, each with its key. */

import { freeFocus } from '../parts/focus';
import { comparing, compareWithLatest } from '../study/prior';
import { opened } from '../study/opened';
import { boxesShown, outlinesShown, overlayOpacity, overlayShown, overlayStyle, ratioShown } from '../study/overlay';
import { dicomDate } from '../language/dates';
import { textsShown } from './corners';
import { Icon, type IconName } from './icons';
import { ACTION_KEYS, TOOL_KEYS } from './keys';
import { activePane } from './panes';
import { ACTIONS, presets, tool, TOOLS, useWindow, type Action } from './tools';
import { together } from './together';
import { say } from './words';

const BUTTONS = [
  'fit',
  'oneToOne',
  'rotateLeft',
  'rotateRight',
  'flipAcross',
  'flipDown',
  'invert',
  'deleteShape',
  'reset',
] as const satisfies Action[];

export function Toolbar() {
  const look = activePane.value?.look.value;
  const pressed: Partial<Record<Action, boolean>> = {
    fit: look?.fitted ?? false,
    flipAcross: look?.mirrored ?? false,
    invert: look !== undefined && look !== null && look.inverted !== (activePane.value?.facts.value?.inverted ?? false),
  };
  return (
    <div class="toolbar" role="toolbar" aria-label={say('toolbar')} onMouseDown={freeFocus}>
      <div class="toolbar-group">
        {TOOLS.map((name) => (
          <Tap
            key={name}
            icon={name}
            label={say(name)}
            shortcut={TOOL_KEYS[name]}
            pressed={tool.value === name}
            onTap={() => (tool.value = name)}
          />
        ))}
      </div>
      <div class="toolbar-group">
        {BUTTONS.map((name) => (
          <Tap
            key={name}
            icon={name}
            label={say(name)}
            shortcut={ACTION_KEYS[name] ?? ''}
            pressed={pressed[name]}
            onTap={ACTIONS[name]}
          />
        ))}
      </div>
      <Tap
        icon="texts"
        label={say('texts')}
        shortcut="T"
        pressed={textsShown.value}
        onTap={() => (textsShown.value = !textsShown.value)}
      />
      <Presets />
      <Overlay />
      <Compare />
    </div>
  );
}

interface Tapping {
  icon: IconName;
  label: string;
  shortcut: string;
  pressed?: boolean | undefined;
  onTap: () => unknown;
}

function Tap({ icon, label, shortcut, pressed, onTap }: Tapping) {
  const title = shortcut ? `${label} (${shortcut})` : label;
  return (
    <button
      type="button"
      class="toolbar-button"
      title={title}
      aria-label={label}
      aria-pressed={pressed}
      onClick={onTap}
    >
      <Icon name={icon} />
    </button>
  );
}

function Presets() {
  const facts = activePane.value?.facts.value;
  const offered = facts ? presets(facts) : [];
  const chosen = (value: string): void => {
    const window = offered[Number(value)];
    if (window) useWindow(window);
  };
  return (
    <select
      class="toolbar-select"
      aria-label={say('presets')}
      title={`${say('presets')} (K)`}
      value=""
      disabled={!facts}
      onChange={(event) => {
        chosen(event.currentTarget.value);
        event.currentTarget.value = '';
        event.currentTarget.blur();
      }}
    >
      <option value="">{say('presets')}</option>
      {offered.map(({ center, width }, place) => (
        <option key={place} value={place}>
          {place === offered.length - 1 ? say('presetWhole') : say('presetOwn', { number: place + 1 })} · W{' '}
          {Math.round(width)} L {Math.round(center)}
        </option>
      ))}
    </select>
  );
}

function Overlay() {
  const isContour = overlayStyle.value === 'contour';
  return (
    <div class="toolbar-group toolbar-ai" role="group" aria-label={say('overlay')}>
      <button
        type="button"
        class="toolbar-button toolbar-button-wide"
        title={`${say('overlay')} (O)`}
        aria-label={say('overlay')}
        aria-pressed={overlayShown.value}
        onClick={() => (overlayShown.value = !overlayShown.value)}
      >
        <Icon name="overlay" /> {say('ai')}
      </button>
      {overlayShown.value && (
        <div class="toolbar-options">
          <button
            type="button"
            class="toolbar-button toolbar-button-wide"
            aria-pressed={isContour}
            onClick={() => (overlayStyle.value = isContour ? 'colour' : 'contour')}
          >
            {say('contour')}
          </button>
          <input
            type="range"
            min="0.1"
            max="1"
            step="0.05"
            class="toolbar-range"
            aria-label={say('opacity')}
            title={say('opacity')}
            disabled={isContour}
            value={overlayOpacity.value}
            onInput={(event) => (overlayOpacity.value = event.currentTarget.valueAsNumber)}
          />
          <Check label={say('boxes')} on={boxesShown} />
          <Check label={say('ratio')} on={ratioShown} />
          <Check label={say('outlines')} on={outlinesShown} />
        </div>
      )}
    </div>
  );
}

function Check({ label, on }: { label: string; on: { value: boolean } }) {
  return (
    <label class="toolbar-check">
      <input type="checkbox" checked={on.value} onChange={() => (on.value = !on.value)} /> {label}
    </label>
  );
}

function Compare() {
  const priors = opened.value?.study.priors ?? [];
  const chosen = comparing.value;
  return (
    <div class="toolbar-group" role="group" aria-label={say('priors')}>
      <button
        type="button"
        class="toolbar-button"
        title={priors.length > 0 ? `${say('compare')} (D)` : say('noPriors')}
        aria-label={say('compare')}
        aria-pressed={chosen !== null}
        disabled={priors.length === 0}
        onClick={() => (chosen === null ? compareWithLatest() : (comparing.value = null))}
      >
        <Icon name="compare" />
      </button>
      {chosen !== null && (
        <>
          <select
            class="toolbar-select"
            aria-label={say('priors')}
            value={chosen}
            onChange={(event) => (comparing.value = event.currentTarget.value)}
          >
            {priors.map(({ study_instance_uid, study_date }) => (
              <option key={study_instance_uid} value={study_instance_uid}>
                {dicomDate(study_date)}
              </option>
            ))}
          </select>
          <Tap
            icon="together"
            label={say('together')}
            shortcut=""
            pressed={together.value}
            onTap={() => (together.value = !together.value)}
          />
        </>
      )}
    </div>
  );
}
