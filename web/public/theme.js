// Runs before the first paint, from a file of its own because the content policy allows no inline script.
const kept = (() => {
  try {
    return localStorage.getItem('pilot.theme')
  } catch {
    return null
  }
})()
const system = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
// Pages for people without an account follow the machine, until a look is chosen.
const usual = /^\/(form|chat)\//.test(location.pathname) ? system : 'dark'
document.documentElement.dataset.theme = kept === 'light' || kept === 'dark' ? kept : kept === 'system' ? system : usual
