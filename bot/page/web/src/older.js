// What the library takes for granted, and phones of before 2024 do not have. Without it the page connects for ever, and says nothing.

Promise.withResolvers ??= function withResolvers() {
  let functions;
  const promise = new this((resolve, reject) => (functions = { resolve, reject }));
  return { promise, ...functions };
};
