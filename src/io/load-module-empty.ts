/** Stands in for packages that only guard where a module may be imported. */
export {};
