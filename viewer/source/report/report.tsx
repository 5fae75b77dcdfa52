/** The draft report: a button, a key, and a dialog in which it can be edited and copied. */

import { useComputed, useSignal, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { language, LANGUAGES, type Language } from '../language/language';
import { Dialog } from '../parts/dialog';
import { useKeys, useShortcutHelp, type Shortcuts } from '../parts/shortcuts';
import { toast } from '../parts/toast';
import { draftFor, isBegun } from '../review/drafts';
import type { Before } from '../review/panel';
import { hanging, opened } from '../study/opened';
import { factsOf, type Facts, type Reviewed } from './facts';
import { fill } from './fill';
import { keepTemplate, REPORT_LANGUAGES, templateOf } from './templates/kept';
import { say } from './words';
import { writingIn } from './writing';
import './report.css';

export function Report({ before }: { before: Before | null }) {
  const isOpen = useSignal(false);
  useShortcutHelp(help);
  useKeys((event) => {
    if (event.key !== 'r') return false;
    isOpen.value = true;
    return true;
  });
  return (
    <>
      <button type="button" data-action="report" onClick={() => (isOpen.value = true)}>
        <kbd>R</kbd> {say('report')}
      </button>
      {isOpen.value && <Editor before={before} onClose={() => (isOpen.value = false)} />}
    </>
  );
}

function Editor({ before, onClose }: { before: Before | null; onClose: () => void }) {
  const spoken = useSignal<Language>(language.value);
  const editsTemplate = useSignal(false);
  /** What the radiologist wrote; null: as it is filled. */
  const own = useSignal<string | null>(null);
  const filled = useComputed(() => written(spoken.value, before));
  return (
    <Dialog title={say('title')} wide onClose={onClose}>
      <p class="report-hint">{say('hint')}</p>
      <div class="report-line">
        <LanguageChoice spoken={spoken} onChange={() => (own.value = null)} />
        <button
          type="button"
          class="button"
          aria-pressed={editsTemplate.value}
          onClick={() => (editsTemplate.value = !editsTemplate.value)}
        >
          {say(editsTemplate.value ? 'done' : 'editTemplate')}
        </button>
      </div>
      {editsTemplate.value ? (
        <Template spoken={spoken.value} onChange={() => (own.value = null)} />
      ) : (
        <Text text={own.value ?? filled.value} isOwn={own.value !== null} write={(text) => (own.value = text)} />
      )}
    </Dialog>
  );
}

function Text({ text, isOwn, write }: { text: string; isOwn: boolean; write: (text: string | null) => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <>
      <textarea
        ref={field}
        class="report-text"
        data-report={isOwn ? 'edited' : 'filled'}
        aria-label={say('text')}
        spellcheck={false}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <div class="report-line">
        <button type="button" class="button-primary" data-action="copy" onClick={() => void copy(text, field.current)}>
          {say('copy')}
        </button>
        {isOwn && (
          <button type="button" class="button" onClick={() => write(null)}>
            {say('again')}
          </button>
        )}
      </div>
    </>
  );
}

function Template({ spoken, onChange }: { spoken: Language; onChange: () => void }) {
  const keep = (template: string): void => {
    keepTemplate(spoken, template);
    onChange();
  };
  return (
    <>
      <p class="report-hint">{say('templateHint')}</p>
      <textarea
        class="report-text"
        aria-label={say('template')}
        spellcheck={false}
        value={templateOf(spoken)}
        onInput={(event) => keep(event.currentTarget.value)}
      />
      <div class="report-line">
        <button type="button" class="button" data-action="reset-template" onClick={() => keep('')}>
          {say('reset')}
        </button>
      </div>
    </>
  );
}

function LanguageChoice({ spoken, onChange }: { spoken: Signal<Language>; onChange: () => void }) {
  return (
    <select
      aria-label={say('language')}
      value={spoken.value}
      onChange={(event) => {
        spoken.value = event.currentTarget.value as Language;
        onChange();
      }}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}

function written(spoken: Language, before: Before | null): string {
  return fill(templateOf(spoken), REPORT_LANGUAGES[spoken], factsNow(before), writingIn(spoken));
}

function factsNow(before: Before | null): Facts {
  const now = opened.value;
  const images = hanging(now?.study.instances ?? []).flatMap(({ sop_instance_uid, view }): Reviewed[] => {
    const reading = now?.readings.get(sop_instance_uid);
    if (!reading || reading.state === 'pending') return [];
    const id = reading.reading_id;
    const newest = now?.reviews.get(id)?.[0] ?? null;
    return [{ reading, view, draft: draftFor(id), newest, isBegun: isBegun(id) }];
  });
  return factsOf(images, before);
}

/** By the clipboard, or by hand where the browser does not give it: pages without TLS have none. */
async function copy(text: string, field: HTMLTextAreaElement | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(say('copied'), 'good');
  } catch {
    field?.focus();
    field?.select();
    toast(say('notCopied'));
  }
}

function help(): Shortcuts {
  return { title: say('report'), keys: [['R', say('title')]] };
}
