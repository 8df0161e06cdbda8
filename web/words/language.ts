/** The languages the product speaks. */
export const LANGUAGES = ['en', 'de'] as const

/** A language the product speaks. */
export type Language = (typeof LANGUAGES)[number]

/** What the languages call themselves. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/** The language that was chosen, else the first the browser asks for that we speak, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): Language {
  const asked = [chosen ?? '', ...wanted].map(tag => tag.toLowerCase().split('-')[0])
  return asked.flatMap(tag => LANGUAGES.find(language => language === tag) ?? [])[0] ?? 'en'
}
