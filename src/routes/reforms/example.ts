/** A merger of two wards, made up, as the reference shows it and the tests send it. */
export const example = {
  name: { vi: 'Sáp nhập hai phường (ví dụ)', en: 'Merger of two wards (example)' },
  ground: { vi: 'Nghị quyết ví dụ', en: 'Example Resolution' },
  on: '2028-01-01',
  creates: [
    {
      code: '00082',
      name: { vi: 'Phường Ví Dụ', en: 'Vi Du Ward' },
      level: 'commune' as const,
      type: 'ward',
      parent: '01-0',
      identifier: null,
    },
  ],
  dissolves: [
    { unit: '00082-2025', successors: [{ unit: '00082-2028', kind: 'full' as const, clause: 1 }] },
    { unit: '00070-2025', successors: [{ unit: '00082-2028', kind: 'full' as const, clause: 1 }] },
  ],
}
export const assignmentExample = { unit: '00082-2025', reason: 'Nhà số 12 thuộc phần đất đã nhập vào phường này.' }
