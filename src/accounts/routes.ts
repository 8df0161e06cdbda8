import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import { type Auth, providersOf } from './auth.ts'
import * as it from './contract.ts'
import { openDoor } from './door.ts'
import { erase, exportAccount } from './erase.ts'
import { confirm, forgot, login, logout, reset, startProvider } from './login.ts'
import { changePassword, endSession, endSessions, me, rename, sessions } from './person.ts'
import { registration } from './policy.ts'
import { register } from './register.ts'
import { confirmTwoFactor, disableTwoFactor, enableTwoFactor, recoveryCodes } from './twofactor.ts'

/** Every endpoint of accounts. */
export function routes(frame: Frame, world: World, auth: Auth): void {
  serve(frame, it.ways, async () => ({
    register: await registration(world),
    mail: world.mail.configured,
    providers: providersOf(world),
  }))
  serve(frame, it.register, given => register(world, auth, given))
  serve(frame, it.login, given => login(frame, world, auth, given))
  serve(frame, it.logout, given => logout(auth, given))
  serve(frame, it.provider, given => startProvider(auth, given))
  serve(frame, it.forgot, given => forgot(world, auth, given))
  serve(frame, it.reset, given => reset(world, auth, given))
  serve(frame, it.confirm, given => confirm(auth, given))
  openDoor(frame, world, auth)

  serve(frame, it.me, given => me(world, given))
  serve(frame, it.rename, given => rename(world, given))
  serve(frame, it.sessions, given => sessions(world, given))
  serve(frame, it.endSession, given => endSession(world, given))
  serve(frame, it.endSessions, given => endSessions(world, given))
  serve(frame, it.changePassword, given => changePassword(world, given))
  serve(frame, it.enableTwoFactor, given => enableTwoFactor(auth, given))
  serve(frame, it.confirmTwoFactor, given => confirmTwoFactor(auth, given))
  serve(frame, it.disableTwoFactor, given => disableTwoFactor(auth, given))
  serve(frame, it.recoveryCodes, given => recoveryCodes(auth, given))
  serve(frame, it.exportAccount, given => exportAccount(world, given))
  serve(frame, it.erase, given => erase(world, given))
}
