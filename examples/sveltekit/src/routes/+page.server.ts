export const load = ({ locals }) => ({ name: locals.visitor.user?.name ?? "stranger" });
