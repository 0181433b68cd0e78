// The gate forwards the auth API. The route exists so that React Router runs the middleware for its paths.
export const loader = () => new Response(null, { status: 404 });
export const action = loader;
