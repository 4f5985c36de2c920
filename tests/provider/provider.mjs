// An OpenID provider that demands PKCE and answers with its issuer, as the ones of the public sector do.
// node provider.mjs PORT CALLBACK AFTER-LOGOUT ; whoever comes with ?user=NAME is NAME, at the level "high".
import { Provider } from "oidc-provider";

const [port, callback, afterLogout] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "portal",
      client_secret: "any will do",
      redirect_uris: [callback],
      post_logout_redirect_uris: [afterLogout],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  acrValues: ["high"],
  claims: { openid: ["sub"], profile: ["name"], acr: null },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ["only in tests"] },
  interactions: { url: (unusedContext, interaction) => `/as/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  findAccount: (unusedContext, id) => ({ accountId: id, claims: () => ({ sub: id, name: id }) }),
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

provider.use(async (context, next) => {
  if (!context.path.startsWith("/as/")) return next();
  await provider.interactionDetails(context.req, context.res);
  const login = { accountId: context.query.user, acr: "high", amr: ["test"] };
  await provider.interactionFinished(context.req, context.res, { login }, { mergeWithLastSubmission: false });
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
