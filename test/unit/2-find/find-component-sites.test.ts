import { expect, test } from 'vitest';
import { findComponentSites, isComponent } from '../../../src/2-find/find-component-sites.js';

const names = { routines: new Set(['orders_of']), known: new Set<string>() };

const vue = `<template>
  <p>{{ supabase.rpc('orders_of') }}</p>
</template>

<script setup lang="ts">
const { data } = await supabase.rpc('orders_of', { p_customer: 1 })
const sites = sql\`select orders_of(1)\`
</script>

<style>p { color: red }</style>
`;

test('calls in the scripts of a component are counted and kept', () => {
  const sites = findComponentSites({ path: '/app/src/Orders.vue', text: vue }, names, '/app');
  expect(sites).toHaveLength(1);
  expect(sites[0]).toMatchObject({
    id: 'src/Orders.vue:6:24',
    kind: 'rpc',
    routineName: 'orders_of',
    refusal: {
      reason: 'client-side',
      detail:
        'the file is a Vue component: make a server action or route handler, such as `export async function ordersOf({ p_customer })`, that makes the call, and call that here; it is rewritten there',
    },
  });
  expect(vue.slice(sites[0]?.span.start, sites[0]?.span.end)).toBe(
    "supabase.rpc('orders_of', { p_customer: 1 })",
  );
});

test('both scripts of a Svelte component are read, and a name that is no routine stays unresolved', () => {
  const text = `<script context="module">
  export const load = () => supabase.rpc('lost');
</script>
<script>
  const go = () => supabase.rpc('orders_of', {});
</script>
<button onclick={go}>go</button>`;
  const sites = findComponentSites({ path: '/app/Orders.svelte', text }, names, '/app');
  expect(sites.map(({ refusal }) => refusal?.reason)).toEqual(['routine-not-found', 'client-side']);
});

test('components are told by their extension', () => {
  expect(isComponent('/a/b.vue')).toBe(true);
  expect(isComponent('/a/b.svelte.ts')).toBe(false);
});
