import { useReactFlow, useStore } from '@xyflow/react'
import { memo, type PointerEvent, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BOX } from '#engine/layout.ts'
import { placeOf } from './drawing.ts'
import { sizesNow } from './kit.ts'
import { useDraft, useKit } from './open.ts'

const WIDTH = 200
const HEIGHT = 130

/** The whole drawing in small, with what is in sight. It is drawn anew when the drawing changes, not while something is dragged. */
export const SmallMap = memo(function SmallMap() {
  const { t } = useTranslation()
  const kit = useKit()
  const drawing = useDraft(draft => draft.drawing)
  const { setCenter, getZoom } = useReactFlow()
  const sight = useStore(
    ({ transform: [x, y, zoom], width, height }) => `${-x / zoom} ${-y / zoom} ${width / zoom} ${height / zoom}`,
  )
  const boxes = useMemo(() => {
    const sizes = sizesNow(kit)
    return drawing.nodes.map(node => ({
      id: node.id,
      ...placeOf(drawing, node.id),
      ...(sizes.get(node.id) ?? BOX),
      inside: node.parent !== undefined,
    }))
  }, [drawing, kit])
  const [x = 0, y = 0, width = 0, height = 0] = sight.split(' ').map(Number)
  const left = Math.min(x, ...boxes.map(box => box.x)) - 80
  const top = Math.min(y, ...boxes.map(box => box.y)) - 80
  const wide = Math.max(x + width, ...boxes.map(box => box.x + box.width)) + 80 - left
  const tall = Math.max(y + height, ...boxes.map(box => box.y + box.height)) + 80 - top
  const scale = Math.max(wide / WIDTH, tall / HEIGHT)
  const origin = { x: left - (WIDTH * scale - wide) / 2, y: top - (HEIGHT * scale - tall) / 2 }

  const look = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    void setCenter(origin.x + (event.clientX - box.left) * scale, origin.y + (event.clientY - box.top) * scale, {
      zoom: getZoom(),
      duration: 0,
    })
  }
  return (
    <svg
      role="img"
      aria-label={t('canvas.minimap')}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`${origin.x} ${origin.y} ${WIDTH * scale} ${HEIGHT * scale}`}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        look(event)
      }}
      onPointerMove={look}
      className="small-map absolute right-4 bottom-4 z-10 cursor-pointer max-sm:hidden"
    >
      <Boxes boxes={boxes} />
      <rect x={x} y={y} width={width} height={height} rx={4 * scale} className="small-sight" />
    </svg>
  )
})

type Box = { id: string; x: number; y: number; width: number; height: number; inside: boolean }

const Boxes = memo(function Boxes({ boxes }: { boxes: readonly Box[] }) {
  return boxes.map(({ id, x, y, width, height, inside }) => (
    <rect key={id} x={x} y={y} width={width} height={height} rx={16} className={inside ? 'small-box small-inner' : 'small-box'} />
  ))
})
