import { fanOut } from './fan-out.js';
import { plot } from './plot.js';
import { publishing } from './publish.js';
import { tail } from './tail.js';

fanOut(document.querySelector('#fan-out'));
const messages = tail(document.querySelector('#tail'));
publishing(document.querySelector('#publish'), messages);
plot(document.querySelector('#plot'), messages);

document.querySelectorAll('.host').forEach((place) => (place.textContent = location.host));
