const BARE =
  'escape strip_html abs ceil floor round url_encode url_decode slugify last first reverse sort size compact uniq sum downcase upcase capitalize strip lstrip rstrip squish strip_newlines newline_to_br number_of_words base64_encode base64_decode sha256 jsonify json date_to_xmlschema to_integer'
const TAKING =
  'default date join split map where reject find group_by concat push plus minus times divided_by modulo at_least at_most append prepend remove replace replace_first truncate truncatewords slice'

/** The filters of a template that are offered; `takes`: something has to follow. */
export const FILTERS: readonly { name: string; takes: boolean }[] = [
  ...TAKING.split(' ').map(name => ({ name, takes: true })),
  ...BARE.split(' ').map(name => ({ name, takes: false })),
].toSorted((one, other) => (one.name < other.name ? -1 : 1))
