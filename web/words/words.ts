import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { keep, recall } from '../keep.ts'
import { en } from './en.ts'
import { LANGUAGES, type Language, pickLanguage } from './language.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** A name that runs the other way is set apart, so that it does not turn the sentence around it. */
const setApart = (value: unknown): string => (RIGHT_TO_LEFT.test(String(value)) ? `\u2068${value}\u2069` : String(value))

/** Loads the words of the reader's language; English is always at hand. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escape: setApart },
    react: { useSuspense: false },
  })
  // Better English than an empty page, where the words of the other language cannot be fetched.
  await speak(pickLanguage(recall('language'), navigator.languages)).catch(() => speak('en'))
}

/** Changes the language of the page. */
async function speak(language: Language): Promise<void> {
  if (language === 'de' && !i18next.hasResourceBundle('de', 'translation')) {
    const { de } = await import('./de.ts')
    i18next.addResourceBundle('de', 'translation', de)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** Changes the language and remembers it. */
export async function choose(language: Language): Promise<void> {
  keep('language', language)
  await speak(language)
}

/** The language the page is in. */
export const spoken = (): Language => LANGUAGES.find(language => language === i18next.language) ?? 'en'
