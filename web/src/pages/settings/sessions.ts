// Sessions of the service, and links that begin one.

import type { Schemas } from "../../api";
import { placeOf } from "../../repositories";

/// The link as others reach it: the service says it relative to itself, and this page knows where that is.
export function linkTo(invitation: Schemas["Invitation"], origin: string, pathname: string): string {
  return `${origin}${placeOf(pathname).root}${invitation.login_url}`;
}
