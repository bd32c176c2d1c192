/** What a notice calls that which a subject names before its slash. */
export const subjectWords = {
  facility: { zh: '全机构', en: 'the whole facility' },
  box: { zh: '监控主机', en: 'box' },
  camera: { zh: '摄像头', en: 'camera' },
  hold: { zh: '录像留存指令', en: 'order to keep recordings' },
  challenges: { zh: '录像抽查', en: 'challenges to show footage' },
  class: { zh: '班级', en: 'class' },
  device: { zh: '安防设备', en: 'security device' },
} as const;
