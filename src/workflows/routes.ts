import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import { block, blocks, connectors } from './catalogue/blocks.ts'
import * as catalogue from './catalogue/contract.ts'
import { changeWorkflow, deleteWorkflow, moveWorkflow, validateWorkflow } from './drafts/change.ts'
import * as drafts from './drafts/contract.ts'
import { activateWorkflow, archiveWorkflow, deactivateWorkflow, unarchiveWorkflow } from './drafts/state.ts'
import { createWorkflow, duplicateWorkflow, workflow, workflows } from './drafts/workflows.ts'
import * as exchange from './exchange/contract.ts'
import { exportWorkflow, importWorkflow } from './exchange/exchange.ts'
import * as trees from './folders/contract.ts'
import { changeFolder, createFolder, deleteFolder, folders } from './folders/folders.ts'
import { generateWorkflow as generate } from './suggest/contract.ts'
import { generateWorkflow } from './suggest/suggest.ts'
import * as starts from './templates/contract.ts'
import { templates } from './templates/templates.ts'
import * as history from './versions/contract.ts'
import { publish, publishVersion } from './versions/publish.ts'
import { diff, restoreVersion, version, versions } from './versions/versions.ts'

/** Every endpoint of workflows, their versions and folders, and of the catalogue of blocks. */
export function routes(frame: Frame, world: World): void {
  serve(frame, drafts.workflows, given => workflows(world, given))
  serve(frame, drafts.createWorkflow, given => createWorkflow(world, given))
  serve(frame, drafts.workflow, given => workflow(world, given))
  serve(frame, drafts.changeWorkflow, given => changeWorkflow(world, given))
  serve(frame, drafts.deleteWorkflow, given => deleteWorkflow(world, given))
  serve(frame, drafts.validateWorkflow, given => validateWorkflow(world, given))
  serve(frame, drafts.moveWorkflow, given => moveWorkflow(world, given))
  serve(frame, drafts.duplicateWorkflow, given => duplicateWorkflow(world, given))
  serve(frame, drafts.activateWorkflow, given => activateWorkflow(world, given))
  serve(frame, drafts.deactivateWorkflow, given => deactivateWorkflow(world, given))
  serve(frame, drafts.archiveWorkflow, given => archiveWorkflow(world, given))
  serve(frame, drafts.unarchiveWorkflow, given => unarchiveWorkflow(world, given))

  serve(frame, history.publish, given => publish(world, given))
  serve(frame, history.versions, given => versions(world, given))
  serve(frame, history.version, given => version(world, given))
  serve(frame, history.restoreVersion, given => restoreVersion(world, given))
  serve(frame, history.publishVersion, given => publishVersion(world, given))
  serve(frame, history.diff, given => diff(world, given))

  serve(frame, exchange.exportWorkflow, given => exportWorkflow(world, given))
  serve(frame, exchange.importWorkflow, given => importWorkflow(world, given))

  serve(frame, starts.templates, given => templates(given))

  serve(frame, trees.folders, given => folders(world, given))
  serve(frame, trees.createFolder, given => createFolder(world, given))
  serve(frame, trees.changeFolder, given => changeFolder(world, given))
  serve(frame, trees.deleteFolder, given => deleteFolder(world, given))

  serve(frame, generate, given => generateWorkflow(world, given))

  serve(frame, catalogue.blocks, () => blocks(world))
  serve(frame, catalogue.block, given => block(world, given))
  serve(frame, catalogue.connectors, () => connectors(world))
}
