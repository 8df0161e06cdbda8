import { useMutation } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { provider, type ways } from '#accounts/contract.ts'
import type { Reply } from '#http/contract.ts'
import { call } from '../api.ts'
import { Button } from '../ui/Button.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'

type Props = { providers: Reply<typeof ways>['providers']; next: string }

/** The ways to sign in at somebody else's door. */
export function Providers({ providers, next }: Props) {
  const { t } = useTranslation()
  const go = useMutation({
    mutationFn: (id: string) => call(provider, { body: { provider: id, next } }),
    onSuccess: ({ url }) => location.assign(url),
    onError: error => say(tell(error, t), 'danger'),
  })
  if (providers.length === 0) return null
  return (
    <div className="grid gap-3">
      <div className="flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('door.or')}
      </div>
      {providers.map(one => (
        <Button
          key={one.id}
          size="large"
          wide
          icon={<ExternalLink aria-hidden className="size-4" />}
          busy={go.isPending && go.variables === one.id}
          onClick={() => go.mutate(one.id)}
        >
          {t('door.with', { name: one.name })}
        </Button>
      ))}
    </div>
  )
}
